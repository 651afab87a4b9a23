module tracetoll.dev/assembly

go 1.19
