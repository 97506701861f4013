enum SimTestsSkeleton {}
