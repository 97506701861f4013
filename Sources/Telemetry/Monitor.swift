#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A mutex with a condition, for the writer's queue and for the one door to the HDF5 library.
final class Monitor: Sendable {
    private struct Primitives {
        var mutex = pthread_mutex_t()
        var changed = pthread_cond_t()
    }

    // Written only through pthread's own functions, which may be called from any thread.
    private nonisolated(unsafe) let primitives: UnsafeMutablePointer<Primitives>

    /// - Parameter isRecursive: true if a thread that is inside may enter again; such a monitor must not ``wait()``.
    init(isRecursive: Bool = false) {
        primitives = .allocate(capacity: 1)
        primitives.initialize(to: Primitives())
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        if isRecursive { pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE)) }
        pthread_mutex_init(&primitives.pointee.mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
        pthread_cond_init(&primitives.pointee.changed, nil)
    }

    deinit {
        pthread_cond_destroy(&primitives.pointee.changed)
        pthread_mutex_destroy(&primitives.pointee.mutex)
        primitives.deallocate()
    }

    /// Runs `body` alone among all users of this monitor.
    @discardableResult
    func locked<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(&primitives.pointee.mutex)
        defer { pthread_mutex_unlock(&primitives.pointee.mutex) }
        return try body()
    }

    /// Inside ``locked(_:)``: lets others in until someone announces a change.
    func wait() {
        pthread_cond_wait(&primitives.pointee.changed, &primitives.pointee.mutex)
    }

    /// Wakes everybody who waits.
    func announce() {
        pthread_cond_broadcast(&primitives.pointee.changed)
    }
}
