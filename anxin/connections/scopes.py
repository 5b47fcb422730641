"""What a key may be used for."""

from __future__ import annotations

ACCOUNTS_READ = "accounts.read"
ACCOUNTS_WRITE = "accounts.write"
ORDERS_READ = "orders.read"
RESULTS_WRITE = "results.write"
GUARANTEES_WRITE = "guarantees.write"
GATES_WRITE = "gates.write"
CLUES_READ = "clues.read"
CLUES_WRITE = "clues.write"

#: scope → what people read
INSTITUTION_SCOPES = {
    ACCOUNTS_READ: "查询本机构的专用账户",
    ACCOUNTS_WRITE: "报送账户余额和收支明细",
    ORDERS_READ: "领取代发批次",
    RESULTS_WRITE: "报送代发结果",
    GUARANTEES_WRITE: "报送保函、保险的开立、续期和赔付",
}
VENDOR_SCOPES = {GATES_WRITE: "报送闸机考勤和设备状态"}
HOTLINE_SCOPES = {
    CLUES_WRITE: "送来热线工单、附件、补充和回访",
    CLUES_READ: "查询自己送来的工单办到哪一步",
}
SCOPES = INSTITUTION_SCOPES | VENDOR_SCOPES | HOTLINE_SCOPES
