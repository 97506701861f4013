enum ReportsTestsSkeleton {}
