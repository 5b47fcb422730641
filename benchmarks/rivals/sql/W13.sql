FROM rival_outliers WHERE month_fen > notice_fen
