public import OCPP

/// Conditions that make a transaction start (one of them is enough) or end (one of them lost is enough).
/// - Source: OCPP 2.0.1 part 2, TxCtrlr.TxStartPoint and TxCtrlr.TxStopPoint.
public struct TransactionPoints: OptionSet, Hashable, Sendable, BitwiseCopyable, Codable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A vehicle is plugged in.
    public static let evConnected = TransactionPoints(rawValue: 1)
    /// The driver is authorized.
    public static let authorized = TransactionPoints(rawValue: 2)
    /// Plugged in and authorized, contactor closed.
    public static let powerPathClosed = TransactionPoints(rawValue: 4)
    /// Energy flows.
    public static let energyTransfer = TransactionPoints(rawValue: 8)
    /// A vehicle stands in the bay; one that is plugged in does, where there is no sensor.
    public static let parkingBayOccupancy = TransactionPoints(rawValue: 16)
    /// The meter has signed its reading.
    public static let dataSigned = TransactionPoints(rawValue: 32)
}

/// Configuration of a charging station's OCPP client: variables of the 2.0.1 device model under the standard's names.
public struct FirmwareSettings: Hashable, Sendable, BitwiseCopyable, Codable {
    /// OCPPCommCtrlr.HeartbeatInterval, seconds, at least 1, where the CSMS leaves the choice; also the wait before
    /// the next BootNotification then.
    public var heartbeatIntervalS: Int64 = 300
    /// OCPPCommCtrlr.MessageTimeout, seconds, at least 1.
    public var messageTimeoutS: Int64 = 30
    /// Calls in a row without an answer after which the connection is taken for half-open and made anew, at least
    /// 1.
    public var timeoutsToReconnect: UInt8 = 3
    /// OCPPCommCtrlr.MessageAttempts for TransactionEvent: transmissions answered with CALLERROR before it is
    /// discarded, at least 1.
    public var messageAttempts: UInt8 = 3
    /// OCPPCommCtrlr.MessageAttemptInterval for TransactionEvent, seconds, times the transmissions so far.
    public var messageAttemptIntervalS: Int64 = 60
    /// OCPPCommCtrlr.OfflineThreshold, seconds: after a longer break the state of every connector is sent again.
    public var offlineThresholdS: Int64 = 600
    /// OCPPCommCtrlr.RetryBackOffWaitMinimum, seconds, at least 1.
    public var retryBackOffWaitMinimumS: Int64 = 30
    /// OCPPCommCtrlr.RetryBackOffRepeatTimes: number of doublings, at most 20.
    public var retryBackOffRepeatTimes: UInt8 = 5
    /// OCPPCommCtrlr.RetryBackOffRandomRange, seconds.
    public var retryBackOffRandomRangeS: Int64 = 10
    /// SampledDataCtrlr.TxUpdatedInterval, seconds, counted from the transaction's start; 0 for no readings.
    public var meterValuesIntervalS: Int64 = 900
    /// AlignedDataCtrlr.Interval, seconds, counted from midnight UTC; 0 for no readings. A sampled reading due at the
    /// same instant is left out.
    public var alignedIntervalS: Int64 = 0
    /// AlignedDataCtrlr.SendDuringIdle: whether clock-aligned readings are taken outside transactions only (J01.FR.14).
    public var alignedOnlyIdle = false
    /// TxCtrlr.TxStartPoint.
    public var txStartPoint: TransactionPoints = .powerPathClosed
    /// TxCtrlr.TxStopPoint.
    public var txStopPoint: TransactionPoints = [.evConnected, .authorized]
    /// TxCtrlr.EVConnectionTimeOut, seconds, at least 1: an authorization without a vehicle ends then.
    public var evConnectionTimeOutS: Int64 = 120
    /// TxCtrlr.TxBeforeAcceptedEnabled: whether a driver may charge before the CSMS accepts the charging station.
    public var txBeforeAcceptedEnabled = true
    /// TxCtrlr.StopTxOnInvalidId: whether a token refused by the CSMS ends its transaction.
    public var stopTxOnInvalidId = true
    /// TxCtrlr.MaxEnergyOnInvalidId, Wh: what a transaction that goes on with a refused token still gets; 0 for nothing,
    /// the greatest number for no limit.
    public var maxEnergyOnInvalidIdWh: Int64 = .max
    /// Entries of the authorization cache; 0 turns it off (AuthCacheCtrlr.Enabled).
    public var authCacheCapacity = 32
    /// AuthCacheCtrlr.LifeTime, seconds since the last use; 0 for no limit.
    public var authCacheLifeTimeS: Int64 = 0
    /// AuthCtrlr.LocalPreAuthorize: whether a token accepted in the cache need not wait for the CSMS.
    public var localPreAuthorize = false
    /// AuthCtrlr.LocalAuthorizeOffline: whether the cache counts while offline.
    public var localAuthorizeOffline = true
    /// AuthCtrlr.OfflineTxForUnknownIdEnabled: whether an unknown token may charge while offline.
    public var offlineTxForUnknownIdEnabled = true
    /// AuthCtrlr.DisableRemoteAuthorization: whether the CSMS is never asked about a token.
    public var disableRemoteAuthorization = false
    /// AuthCtrlr.MasterPassGroupId, lower case: tokens of this group stop every transaction and start none; empty for
    /// none.
    public var masterPassGroup = IdentifierText()
    /// Whether answers about tokens of the local list are cached too: as in 2.x, unlike 1.6.
    public var cachesListedTokens = true
    /// Readings that are signed before they are told: SignReadings and its like of both data controllers.
    public var signedReadings: SignedReadings = []
    /// Transaction messages kept while they cannot be sent, 8 to 65,536. When it is full, readings are dropped, and
    /// where nothing but starts and ends is left, no new transaction is let in.
    public var transactionQueueCapacity = 256

    public init() {}

    /// No time is longer than ten years, and no wait before a connection longer than a day, so that sums are numbers.
    private static let seconds: ClosedRange<Int64> = 0...315_360_000

    /// Whether every interval and limit lies in the range that its description gives.
    public var isValid: Bool {
        let times = [
            heartbeatIntervalS, messageTimeoutS, messageAttemptIntervalS, offlineThresholdS, retryBackOffWaitMinimumS,
            retryBackOffRandomRangeS, meterValuesIntervalS, alignedIntervalS, evConnectionTimeOutS,
            authCacheLifeTimeS,
        ]
        return times.allSatisfy(Self.seconds.contains) && heartbeatIntervalS >= 1 && messageTimeoutS >= 1
            && timeoutsToReconnect >= 1 && messageAttempts >= 1 && (1...86_400).contains(retryBackOffWaitMinimumS)
            && retryBackOffRepeatTimes <= 20 && !txStartPoint.isEmpty && !txStopPoint.isEmpty
            && evConnectionTimeOutS >= 1 && maxEnergyOnInvalidIdWh >= 0 && (0...65_536).contains(authCacheCapacity)
            && (8...65_536).contains(transactionQueueCapacity)
    }
}
