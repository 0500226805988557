module upm.io/install

go 1.26
