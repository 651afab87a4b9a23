module surging

go 1.19
