module tracetoll.dev/mapwriter

go 1.19
