enum ReportsSkeleton {}
