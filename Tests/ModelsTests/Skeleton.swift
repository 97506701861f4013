enum ModelsTestsSkeleton {}
