enum CSMSSkeleton {}
