// The contract of the I/O layer. Every back end keeps every clause; tests/io/ proves each clause
// over each back end from one source, and each test names its clause.
//
//  1. Exactly once. Each submission completes exactly once, also after cancel() and after an
//     error. Submitting returns nothing: every failure arrives as a completion.
//  2. From the loop only. A completion is delivered from run_once(), on the loop's thread, never
//     inside the submitting call. So there is no recursion and no unbounded stack.
//  3. Skip on success. An operation that finishes at once goes to the loop's ready list and
//     costs no trip through the kernel's queue.
//  4. Fairness. The ready list is first in, first out, but that transfers of `large_transfer_min`
//     bytes and more wait behind all others. After at most `deliveries_max` completions, and as
//     soon as its large transfers have moved `large_transfers_max` bytes, the kernel's queue is
//     looked at and timers run: no fast peer starves the others, and who moves much does not make
//     wait who moves little. Where something else is always ready, a turn delivers one large
//     transfer.
//  5. No page while idle. A receive takes pages from the pool only when there are bytes to put
//     into them; an idle stream holds none. `receive_policy::pinned` takes the page beforehand.
//  6. Idle before the owner. An operation is idle when its owner is called: the owner may submit
//     it again, or destroy it.
//  7. Stay put. Operation, stream, file and the memory that they name stay where they are from
//     submission to completion, whether cancel() was called or not.
//  8. One each way. At most one receive and one send are in flight on a stream; both at once may
//     be. Bytes arrive in order.
//  9. Short sends, end of stream. A send may take fewer bytes than it was given, never none
//     without an error. A receive of 0 bytes without an error is the end of the stream. A read
//     of fewer bytes than were asked for is the end of the file as it was then. An empty send,
//     or a read into no memory, completes with 0 bytes.
// 10. Cancel is a request. The operation completes with error::canceled or with its real
//     outcome, and no byte that was received is lost. Cancelling an idle operation does nothing.
// 11. Close requires nothing in flight: shut down or cancel, wait for the completions, close.
// 12. One enum. Errors are io::error on every platform.
// 13. Backpressure by memory. A receive that finds the pool empty completes with
//     error::no_memory; no byte is lost, and it may be submitted again. A back end may keep
//     several hundred pages in reserve, or with bytes that came before they were asked for: a
//     number that does not grow with that of the streams.
// 14. Timers never fire early, and fire in the order of their deadlines. Scheduling a scheduled
//     timer moves its deadline: no completion, no system call, no allocation. A deadline that
//     has passed counts as now. A cancelled timer may be scheduled again from its completion on.
// 15. post() may be called by any thread and wakes a waiting loop; what one thread posts arrives
//     in the order of posting. Everything else is called by the loop's thread only.
// 16. Nothing is allocated per operation. Memory is taken at construction, when the number of
//     streams grows, and by the page pool.
// 17. Files are opened below their directory: no spelling of a path and no symbolic link leads
//     outside (error::outside_root), nothing but a regular file or a directory is opened, and
//     opening never waits for another process (a pipe).
// 18. No waiting on the loop. A call that could wait for a disk (open, a read that is not
//     resident, make_resident, fill) is carried out elsewhere; at most `blocking_calls_max` are with
//     the threads, and as many fills, the others queue. status() of an open file never waits.
// 19. File modes. A file is read in the mode that open() was asked for, or buffered where the file
//     system, the kernel or the back end refuses that: file.mode() says which. A refusal may show
//     as late as at a read, which is then carried out buffered; from its completion on mode() is
//     buffered. Modes change in no other way. A directory is buffered.
// 20. Alignment. In direct mode the offset of a read and the address and the size of each of its
//     spans are multiples of file.alignment(), a power of two, never more than a page; a read that
//     is not so completes with error::invalid_argument on every platform. In the other modes
//     alignment() is 1. The end of a file is read by spans that reach past it: that read is short.
//     Of the spans, bytes behind those transferred may be overwritten.
// 21. Page faults ahead of time. make_resident() completes when the range of the mapping can be read
//     without waiting for a disk, until the system needs the memory. A range in which a whole page
//     lies behind what is now the end of the file, or which the disk cannot read, completes with
//     error::truncated or error::device_failure, never by a signal or an exception. A range that
//     leaves the mapping is error::invalid_argument; an empty one completes with success.
// 22. A mapping shows the file as it is, at the size that it had when it was mapped, also after the
//     file was closed. To read a mapping is the caller's risk while others may truncate the file:
//     where its pages are gone, the system ends the program (SIGBUS). make_resident() narrows the
//     window and does not close it, so map what nobody truncates in place. (Windows lets nobody.)
// 23. Writers are awaited on request. await_writers() completes when every write() that had begun
//     to change the open file has ended, as far as the file system can tell; where it cannot, at
//     once. It never fails but by cancel().
// 24. Files in memory. make() makes one, at once, of this size, which is not 0, all bytes zero; the
//     system's memory is taken as they are written, for small ones perhaps for several at once. It
//     has no name and belongs to this process. Errors: no_memory, too_many_open_files. Until seal()
//     it may be written where space() says, which reaches past its size to a multiple of 4 KiB, so
//     that direct reads end in it. After seal() has completed nobody changes its bytes any more, not
//     even this process; they may be read where bytes() says, until close(). That gives the memory
//     back and waits for nothing; it requires that nothing is in flight with it.
// 25. Filling. fill() copies a range of a file to the same place of a memory file, in the file's mode,
//     without the loop, on Linux and Windows by a thread that runs when no other wants to; fewer bytes
//     than were asked for are the end of the file. The range lies within the memory file, is shorter
//     than 2 GiB, and begins at a multiple of file.alignment(); else error::invalid_argument. Fills and
//     seal() of one memory file are in flight one after the other.
// 26. Sending from memory files. A send may name a part of a memory file that is sealed: it sends its
//     spans and then the part, as one send in the sense of the clauses 7 to 10. It may be short
//     anywhere, also between the two. Nothing of the part is copied where the system can do without
//     (Linux). On POSIX systems the loop's thread has SIGPIPE blocked from the first such
//     send on.
// 27. Change notices. When watch() has completed, each change of a name in that directory, and of the
//     content or the status of a file by that name, is told by next_notice() as soon as the system
//     call that made it has returned and the loop's thread has come back from one that ended later,
//     as from the receive of what was sent after the change; in order, and without waiting. Nothing
//     is told of what maps files, mounts, or changes a file by another name:
//     open_operation::has_one_path() says that a file, or that there is none, could not be changed
//     in such a way when it was opened: no link and no mount point was on its path and it had one
//     name. A change may be told twice, and change::lost tells that some were not. Where the system
//     or the file system does not tell of every change, watch() completes with error::unsupported.
// 28. Accepting goes on. A connection that the system loses before it is accepted is the outcome of no
//     accept: those that wait go on waiting. (Where the system hands it out, a receive tells.) When no
//     descriptor is left, accepts complete with error::too_many_open_files and the connection waits: an
//     accept that is submitted when there is one again gets it.
#pragma once

#include <cstddef>

namespace quire::io {

// Clause 4.
inline constexpr std::size_t deliveries_max = 256;
inline constexpr std::size_t large_transfer_min = std::size_t{32} << 10;    // Bytes.
inline constexpr std::size_t large_transfers_max = std::size_t{256} << 10;  // Bytes, in a turn.

// Clause 5.
enum class receive_policy : unsigned char { on_demand, pinned };

}  // namespace quire::io
