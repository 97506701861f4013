internal import OCPP
internal import OCPPMessages

/// All functional blocks of a charging station's OCPP client.
struct Blocks: Sendable, Codable {
    var provisioning = Provisioning()
    var monitoring: Monitoring
    var customerInformation = CustomerInformation()
    var displayMessages = DisplayMessages()
    var driverDisplay = DriverDisplay()
    var tariffs = Tariffs()
    var derControl = DERControl()
    var batterySwap = BatterySwap()
    var vendorData: VendorData
    var localList = LocalList()
    var remoteControl = RemoteControl()
    var availability = Availability()
    var stationStatus = StationStatus()
    var reservations = Reservations()
    var securityEvents = SecurityEvents()
    var certificates = Certificates()
    var contractCertificates = ContractCertificates()
    var firmwareUpdate = FirmwareUpdate()
    var logs = Logs()
    var smartCharging = SmartCharging()

    /// - Parameter vendors: ids of those whose messages are known.
    init(evses: Int, vendors: [String]) {
        monitoring = Monitoring(evses: evses)
        vendorData = VendorData(vendors: vendors.map { VendorData.Vendor(id: $0) })
    }

    /// What every block is told.
    enum News {
        case event(StationEvent)
        case timer
        case answered(V2.Request, CallOutcome)
        case jobDone(Int, StationJobResult)
    }

    /// Tells all blocks, always in the same order.
    mutating func tell(_ news: News, context: inout ControllerContext) {
        provisioning.take(news, context: &context)
        monitoring.take(news, context: &context)
        customerInformation.take(news, context: &context)
        displayMessages.take(news, context: &context)
        driverDisplay.take(news, context: &context)
        tariffs.take(news, context: &context)
        derControl.take(news, context: &context)
        batterySwap.take(news, context: &context)
        vendorData.take(news, context: &context)
        localList.take(news, context: &context)
        remoteControl.take(news, context: &context)
        availability.take(news, context: &context)
        stationStatus.take(news, context: &context)
        reservations.take(news, context: &context)
        securityEvents.take(news, context: &context)
        certificates.take(news, context: &context)
        contractCertificates.take(news, context: &context)
        firmwareUpdate.take(news, context: &context)
        logs.take(news, context: &context)
        smartCharging.take(news, context: &context)
    }

    /// The earliest deadline of any block.
    var nextDeadline: Timestamp {
        var earliest = min(
            provisioning.nextDeadline, monitoring.nextDeadline, customerInformation.nextDeadline,
            displayMessages.nextDeadline, driverDisplay.nextDeadline, tariffs.nextDeadline,
            derControl.nextDeadline, batterySwap.nextDeadline)
        earliest = min(
            earliest, vendorData.nextDeadline, localList.nextDeadline, remoteControl.nextDeadline,
            availability.nextDeadline, reservations.nextDeadline, securityEvents.nextDeadline)
        return min(
            earliest, certificates.nextDeadline, contractCertificates.nextDeadline, firmwareUpdate.nextDeadline,
            logs.nextDeadline, smartCharging.nextDeadline)
    }
}

extension ControllerBlock {
    fileprivate mutating func take(_ news: Blocks.News, context: inout ControllerContext) {
        switch news {
        case .event(let event): notice(event, context: &context)
        case .timer: if nextDeadline <= context.now { timerDue(context: &context) }
        case .answered(let request, let outcome): answered(request, with: outcome, context: &context)
        case .jobDone(let job, let result): jobDone(job, result, context: &context)
        }
    }
}
