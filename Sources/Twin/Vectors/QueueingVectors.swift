import Models
import Sim

/// Operations of the group `queueing`.
enum QueueingVectors {
    /// An open-ended queue is cut where its terms no longer count, or here.
    private static let openEnded = 100_000

    static func evaluate(_ operation: String, _ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue]? {
        switch operation {
        case "erlang_b":
            [
                "blocking": .number(
                    Erlang.blocking(
                        servers: try inputs.integer("servers"), offered: try inputs.number("offered_erlang")))
            ]
        case "mmc": try mmc(inputs)
        case "mg1": try mg1(inputs)
        case "mg_inf": try occupancy(inputs)
        case "mmck": try limited(inputs)
        case "erlang_a": try patience(inputs)
        case "swap_station_loss": try swap(inputs)
        case "nhpp_expected":
            [
                "expected": .number(
                    try rate(inputs).expected(
                        fromH: try inputs.notNegative("from_h"),
                        toH: max(try inputs.notNegative("from_h"), try inputs.number("to_h"))))
            ]
        case "nhpp_next_arrival":
            [
                "next_h": .number(
                    try rate(inputs).nextArrivalH(
                        afterH: try inputs.notNegative("t_h"), draw: try inputs.notNegative("exp1_draw")) ?? .infinity)
            ]
        default: nil
        }
    }

    private static func rate(_ inputs: VectorInputs) throws(VectorError) -> HourlyRate {
        let rates = try inputs.notNegatives("hourly_rate")
        guard rates.count == 24 else { throw .missing("hourly_rate", "24 numbers") }
        return HourlyRate(perHour: rates)
    }

    private static func mmc(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let queue = MMCQueue(
            servers: try inputs.integer("servers"), arrivalRate: try inputs.notNegative("lambda_per_min"),
            meanService: try inputs.notNegative("mean_service_min"))
        return [
            "rho": .number(queue.utilisation), "P_wait": .number(queue.waitingProbability),
            "Wq_min": .number(queue.meanWait), "W_min": .number(queue.meanTime), "Lq": .number(queue.meanQueue),
            "L": .number(queue.meanPresent), "P_wait_gt_10min": .number(queue.probability(waitAbove: 10)),
        ]
    }

    private static func mg1(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let queue = MG1Queue(
            arrivalRate: try inputs.notNegative("lambda_per_min"),
            meanService: try inputs.notNegative("mean_service_min"),
            cv2: try inputs.number("cv2"))
        return [
            "rho": .number(queue.utilisation), "Wq_min": .number(queue.meanWait), "Lq": .number(queue.meanQueue),
        ]
    }

    private static func occupancy(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let present = PoissonOccupancy(
            arrivalRate: try inputs.notNegative("lambda_per_min"),
            meanService: try inputs.notNegative("mean_service_min"))
        return [
            "mean": .number(present.mean), "variance": .number(present.mean),
            "p95": .integer(present.quantile(0.95)), "p99": .integer(present.quantile(0.99)),
        ]
    }

    private static func limited(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let queue = BirthDeathQueue(
            servers: try inputs.integer("servers"), capacity: try inputs.integer("capacity"),
            arrivalRate: try inputs.notNegative("lambda_per_min"),
            meanService: try inputs.notNegative("mean_service_min"))
        return [
            "P_block": .number(queue.blockingProbability), "Lq": .number(queue.meanQueue),
            "Wq_accepted_min": .number(queue.meanWaitAccepted), "utilisation": .number(queue.utilisation),
        ]
    }

    private static func patience(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let mean = try inputs.number("mean_patience_min")
        let queue = BirthDeathQueue(
            servers: try inputs.integer("servers"), capacity: openEnded,
            arrivalRate: try inputs.notNegative("lambda_per_min"),
            meanService: try inputs.notNegative("mean_service_min"),
            meanPatience: mean)
        return [
            "P_wait": .number(queue.waitingProbability),
            "P_abandon": .number(queue.meanQueue / mean / queue.arrivalRate), "Lq": .number(queue.meanQueue),
            "mean_time_in_queue_all_min": .number(queue.meanWaitAll), "utilisation": .number(queue.utilisation),
        ]
    }

    private static func swap(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let station = SwapStation(
            arrivalRate: try inputs.number("arrivals_per_h"), packs: try inputs.integer("batteries"),
            bays: try inputs.integer("charging_bays"), meanCharge: try inputs.number("mean_charge_min") / 60)
        return [
            "P_no_full_battery": .number(station.emptyProbability), "mean_not_full": .number(station.meanNotFull),
            "swaps_per_h": .number(station.swapRate),
        ]
    }
}
