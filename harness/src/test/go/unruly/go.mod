module tracetoll.dev/fixtures/unruly

go 1.19
