public import Sim

/// Rate of energy, W; positive flows to the vehicle.
@frozen
public struct Power: Hashable, Comparable, Sendable, BitwiseCopyable, Codable {
    public var watts: Double
    @inlinable public init(watts: Double) { self.watts = watts }
    @inlinable public static var zero: Power { Power(watts: 0) }

    @inlinable public static func < (a: Power, b: Power) -> Bool { a.watts < b.watts }
    @inlinable public static func + (a: Power, b: Power) -> Power { Power(watts: a.watts + b.watts) }
    @inlinable public static func - (a: Power, b: Power) -> Power { Power(watts: a.watts - b.watts) }
    @inlinable public static func * (p: Power, d: SimDuration) -> Energy { Energy(joules: p.watts * d.seconds) }
}

/// Energy, J; positive went to the vehicle.
@frozen
public struct Energy: Hashable, Comparable, Sendable, BitwiseCopyable, Codable {
    public var joules: Double
    @inlinable public init(joules: Double) { self.joules = joules }
    @inlinable public init(wattHours: Double) { joules = wattHours * 3600 }
    @inlinable public static var zero: Energy { Energy(joules: 0) }
    /// The same in the unit of meters.
    @inlinable public var wattHours: Double { joules / 3600 }

    @inlinable public static func < (a: Energy, b: Energy) -> Bool { a.joules < b.joules }
    @inlinable public static func + (a: Energy, b: Energy) -> Energy { Energy(joules: a.joules + b.joules) }
    @inlinable public static func - (a: Energy, b: Energy) -> Energy { Energy(joules: a.joules - b.joules) }
    @inlinable public static func += (a: inout Energy, b: Energy) { a.joules += b.joules }
    /// Mean power over a duration.
    @inlinable public static func / (e: Energy, d: SimDuration) -> Power { Power(watts: e.joules / d.seconds) }
}
