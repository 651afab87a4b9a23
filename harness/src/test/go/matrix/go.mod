module tracetoll.dev/matrix

go 1.19
