/// The everyday messages of a charging station in a form of their own: flat values without heap storage.
///
/// They say what `BootNotification`, `Heartbeat`, `StatusNotification`, `Authorize`, `TransactionEvent` and
/// `MeterValues` of OCPP 2.x say, in its names; OCPP 1.6 is translated to them. They can lie in queues and slabs and be
/// handed from a charging station to a CSMS by copy, which is what years of a national network need. All other
/// messages, and these with all their optional fields, are in `OCPPMessages`.
/// - Source: OCPP 2.0.1 part 2 and its JSON schemas.
public enum Core {}
