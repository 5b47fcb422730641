FROM rival_unsettled WHERE contested = 1 OR days >= $left_days
