module failing

go 1.19
