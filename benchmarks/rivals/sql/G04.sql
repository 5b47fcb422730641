FROM rival_outliers WHERE over_month = 1 OR (over_year = 1 AND month_fen > 0)
