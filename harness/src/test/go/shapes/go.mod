module tracetoll.dev/shapes

go 1.19
