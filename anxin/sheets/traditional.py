"""Traditional characters of sheet headers as simplified ones: 應發薪資 → 应发薪资.

Only characters that occur in headers, titles and total rows; names of people are never converted.
"""

from __future__ import annotations

_TRADITIONAL = (
    "應實發證號員編職稱單別計總額勞務銀帳賬戶開電話機項備註險稅積獎資貼補給場進離領簽蓋審製負責時間數歲處組種類費預還養醫療業傷產績際確認點聯絡轉狀態"
    "結敗對級礎遲曠週鐘卻內無帶誤繳貸節門動綜誌記錄訖復車區縣鎮鄉園農據遺練習術師體會議長幣萬廠張準標約訂購齡學歷準儲匯寫現純淨淨隊於與為從專營運營業頁減勤滿貢獻償換績細"
)
_SIMPLIFIED = (
    "应实发证号员编职称单别计总额劳务银帐账户开电话机项备注险税积奖资贴补给场进离领签盖审制负责时间数岁处组种类费预还养医疗业伤产绩际确认点联络转状态"
    "结败对级础迟旷周钟却内无带误缴贷节门动综志记录讫复车区县镇乡园农据遗练习术师体会议长币万厂张准标约订购龄学历准储汇写现纯净净队于与为从专营运营业页减勤满贡献偿换绩细"
)
TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
