/// Processes, their outboxes and their next times at fixed addresses.
///
/// During a window each due process and its outbox and time belong to the one thread that runs its index; between
/// windows everything belongs to the thread that drives the run.
@usableFromInline
final class ProcessStore<Process: LogicalProcess>: @unchecked Sendable {  // see above
    @usableFromInline typealias Message = Process.Message

    @usableFromInline let count: Int
    @usableFromInline let processes: UnsafeMutablePointer<Process>
    @usableFromInline let outboxes: UnsafeMutablePointer<[Envelope<Message>]>
    @usableFromInline let nextTimes: UnsafeMutablePointer<SimTime>
    @usableFromInline let dueIndices: UnsafeMutablePointer<Int>
    @usableFromInline var dueCount = 0
    @usableFromInline var stop: SimTime = .zero

    @inlinable
    init(_ source: some Collection<Process>) {
        count = source.count
        processes = .allocate(capacity: max(1, count))
        outboxes = .allocate(capacity: max(1, count))
        nextTimes = .allocate(capacity: max(1, count))
        dueIndices = .allocate(capacity: max(1, count))
        var end = processes
        for process in source {
            end.initialize(to: process)
            end += 1
        }
        outboxes.initialize(repeating: [], count: count)
        nextTimes.initialize(repeating: .zero, count: count)
        dueIndices.initialize(repeating: 0, count: count)
    }

    @inlinable
    deinit {
        processes.deinitialize(count: count)
        outboxes.deinitialize(count: count)
        processes.deallocate()
        outboxes.deallocate()
        nextTimes.deallocate()
        dueIndices.deallocate()
    }

    /// Asks every process for its next time; others may have changed it between two runs.
    @inlinable
    func refreshTimes() {
        for i in 0..<count { nextTimes[i] = processes[i].nextTime }
    }

    @inlinable
    func earliest() -> SimTime {
        var first = SimTime.distantFuture
        for i in 0..<count { first = min(first, nextTimes[i]) }
        return first
    }

    /// Notes the processes with an event before `stop` and returns how many there are.
    @inlinable
    func collectDue(before stop: SimTime) -> Int {
        self.stop = stop
        var found = 0
        for i in 0..<count where nextTimes[i] < stop {
            dueIndices[found] = i
            found += 1
        }
        dueCount = found
        return found
    }

    /// Runs one of the noted processes to the end of the window.
    @inlinable
    func run(due: Int) {
        let i = dueIndices[due]
        processes[i].run(until: stop, outbox: &outboxes[i])
        nextTimes[i] = processes[i].nextTime
    }

    /// Empties the outboxes.
    @inlinable
    func gather(into mail: inout ContiguousArray<Envelope<Message>>) {
        for i in 0..<count where !outboxes[i].isEmpty {
            mail.append(contentsOf: outboxes[i])
            outboxes[i].removeAll(keepingCapacity: true)
        }
    }

    @inlinable
    func deliver(_ envelope: Envelope<Message>) {
        let i = Int(envelope.destination)
        precondition(i < count, "a message to a process that does not exist")
        processes[i].deliver(envelope.message, at: envelope.deliverAt)
        nextTimes[i] = processes[i].nextTime
    }
}
