// Lets one thread at a time into a model. It knows neither models nor Verilator.
#ifndef FUDSV_RUNTIME_GATE_H
#define FUDSV_RUNTIME_GATE_H

#include <atomic>
#include <mutex>

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace fudsv {

/// Makes every thread of this process see what the others wrote before, where the kernel can (Linux 4.14 and newer).
class Barrier final {
#if defined(__linux__) && defined(SYS_membarrier)
    static constexpr int PRIVATE_EXPEDITED = 1 << 3;
    static constexpr int REGISTER_PRIVATE_EXPEDITED = 1 << 4;
    static bool call(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }

public:
    /// Whether there are barriers. A process says once that it wants them, and a forked one again.
    static bool prepare() { return call(REGISTER_PRIVATE_EXPEDITED); }
    static bool pass() { return call(PRIVATE_EXPEDITED) || (prepare() && call(PRIVATE_EXPEDITED)); }
#else
public:
    static bool prepare() { return false; }
    static bool pass() { return false; }
#endif
};

/// A lock that is tried and never waited for. The thread that had it last gets it by two plain stores, where an atomic
/// exchange takes longer than a small model does; another thread makes all threads show first what they have stored.
class Gate final {
    std::atomic<const void*> m_holder{nullptr};  ///< who gets in by stores
    std::atomic<bool> m_inside{false};

    static bool has_barriers() {
        static const bool has = Barrier::prepare();
        return has;
    }

    bool take_over(const void* me) {
        if (!has_barriers()) return !m_inside.exchange(true, std::memory_order_acquire);
        static std::mutex* const mutex = new std::mutex;  // never destroyed: models may outlive static destructors
        const std::lock_guard<std::mutex> lock{*mutex};
        const void* const holder = m_holder.load(std::memory_order_relaxed);
        if (holder != me) {
            m_holder.store(nullptr, std::memory_order_relaxed);
            // From here on the holder sees that it is none any more, or is seen inside.
            if ((holder && !Barrier::pass()) || m_inside.load(std::memory_order_acquire)) {
                m_holder.store(holder, std::memory_order_relaxed);
                return false;
            }
        }
        m_inside.store(true, std::memory_order_relaxed);
        m_holder.store(me, std::memory_order_relaxed);
        return true;
    }

public:
    /// Enters, unless somebody is inside: another thread, or this one further up. `me` is a thread's own address.
    bool enter(const void* me) {
        if (m_holder.load(std::memory_order_relaxed) == me) {
            if (m_inside.load(std::memory_order_relaxed)) return false;
            m_inside.store(true, std::memory_order_relaxed);
            std::atomic_signal_fence(std::memory_order_seq_cst);  // the other half is the barrier of who takes over
            if (m_holder.load(std::memory_order_relaxed) == me) return true;
            m_inside.store(false, std::memory_order_release);
        }
        return take_over(me);
    }

    void leave() { m_inside.store(false, std::memory_order_release); }

    bool is_inside() const { return m_inside.load(std::memory_order_acquire); }
};

}  // namespace fudsv

#endif
