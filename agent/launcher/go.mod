module upm.io/launcher

go 1.26
