/// The messages that are measured, as stations send them: no white space, members in the schemas' order.
struct Sample {
    let name: String
    let json: [UInt8]

    private static let samples16 =
        #"{"value":"18450.0","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","location":"Outlet","unit":"Wh"},"#
        + #"{"value":"11040.0","context":"Sample.Periodic","measurand":"Power.Active.Import","location":"Outlet","unit":"W"},"#
        + #"{"value":"16.0","context":"Sample.Periodic","measurand":"Current.Import","phase":"L1","location":"Outlet","unit":"A"},"#
        + #"{"value":"16.1","context":"Sample.Periodic","measurand":"Current.Import","phase":"L2","location":"Outlet","unit":"A"},"#
        + #"{"value":"15.9","context":"Sample.Periodic","measurand":"Current.Import","phase":"L3","location":"Outlet","unit":"A"},"#
        + #"{"value":"229.8","context":"Sample.Periodic","measurand":"Voltage","phase":"L1-N","location":"Outlet","unit":"V"},"#
        + #"{"value":"64","context":"Sample.Periodic","measurand":"SoC","location":"EV","unit":"Percent"}"#

    private static let samples2 =
        #"{"value":18450.0,"context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","location":"Outlet","unitOfMeasure":{"unit":"Wh","multiplier":0}},"#
        + #"{"value":11040.5,"context":"Sample.Periodic","measurand":"Power.Active.Import","location":"Outlet","unitOfMeasure":{"unit":"W","multiplier":0}},"#
        + #"{"value":16.0,"context":"Sample.Periodic","measurand":"Current.Import","phase":"L1","location":"Outlet","unitOfMeasure":{"unit":"A","multiplier":0}},"#
        + #"{"value":16.1,"context":"Sample.Periodic","measurand":"Current.Import","phase":"L2","location":"Outlet","unitOfMeasure":{"unit":"A","multiplier":0}},"#
        + #"{"value":15.9,"context":"Sample.Periodic","measurand":"Current.Import","phase":"L3","location":"Outlet","unitOfMeasure":{"unit":"A","multiplier":0}},"#
        + #"{"value":229.8,"context":"Sample.Periodic","measurand":"Voltage","phase":"L1-N","location":"Outlet","unitOfMeasure":{"unit":"V","multiplier":0}},"#
        + #"{"value":64,"context":"Sample.Periodic","measurand":"SoC","location":"EV","unitOfMeasure":{"unit":"Percent","multiplier":0}}"#

    static let meterValues16 = Sample(
        name: "MeterValues 1.6",
        json: Array(
            (#"{"connectorId":1,"transactionId":48213,"meterValue":[{"timestamp":"2025-01-06T17:03:09Z","sampledValue":["#
                + samples16 + "]}]}").utf8))

    static let meterValues2 = Sample(
        name: "MeterValues 2.0.1",
        json: Array(
            (#"{"evseId":1,"meterValue":[{"sampledValue":["# + samples2 + #"],"timestamp":"2025-01-06T17:03:09Z"}]}"#)
                .utf8))

    static let transactionEvent = Sample(
        name: "TransactionEvent 2.0.1",
        json: Array(
            (#"{"eventType":"Updated","meterValue":[{"sampledValue":["# + samples2
                + #"],"timestamp":"2025-01-06T17:03:09Z"}],"timestamp":"2025-01-06T17:03:09Z","triggerReason":"MeterValuePeriodic","#
                + #""seqNo":17,"offline":false,"numberOfPhasesUsed":3,"transactionInfo":{"#
                + #""transactionId":"0d8a1f0e-5f0c-4b5e-9a68-6d2f3e1c7b42","chargingState":"Charging","timeSpentCharging":3600},"#
                + #""evse":{"id":1,"connectorId":1},"idToken":{"idToken":"04A2B3C4D5E6F7","type":"ISO14443"}}"#).utf8))
}
