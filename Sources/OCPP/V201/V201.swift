/// The messages of OCPP 2.0.1 edition 3, in the standard's own names; one folder per functional block.
///
/// Requests and responses are flat values without heap storage, so that they can lie in queues and slabs and be handed
/// from a charging station to a CSMS by copy. Enumerations have the wire text as raw value.
/// - Source: OCPP 2.0.1 part 2 and its JSON schemas.
public enum V201 {}
