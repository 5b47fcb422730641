FROM rival_unsettled WHERE contested = 1 OR days >= 1
