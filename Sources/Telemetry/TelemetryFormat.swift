/// Version of the structure of telemetry files.
///
/// It grows when a reader of the version before would misread a file: a column renamed or removed, another unit, another
/// meaning. New groups and columns leave it as it is.
public enum TelemetryFormat {
    /// What this program writes, and the newest that it reads.
    public static let version = 1
    /// Name of the attribute of `/meta`; files without it are older than the attribute and of version 1.
    public static let attribute = "format_version"
}
