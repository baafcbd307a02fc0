import ChatCore
import ChatProtocol
import Dispatch
import Synchronization
import Testing

struct MailboxTests {
    @Test func everythingIsTakenInOrder() {
        let mailbox = Mailbox<Int>()
        mailbox.put([1, 2, 3])
        mailbox.put(4)
        var batch: [Int] = []
        mailbox.take(into: &batch, until: nil)
        #expect(batch == [1, 2, 3, 4])
    }

    @Test func aDeadlineEndsTheWait() {
        let mailbox = Mailbox<Int>()
        var batch: [Int] = [9]
        let start = Moment.now().uptime
        mailbox.take(into: &batch, until: start + 20_000_000)
        #expect(batch.isEmpty)
        #expect(Moment.now().uptime >= start + 19_000_000)
    }

    @Test func whatComesWhileTheTakerIsHeldIsOneBatch() {
        let mailbox = Mailbox<Int>()
        mailbox.hold(2, until: .max)
        mailbox.put(1)
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            mailbox.put(2)
            mailbox.release()
            mailbox.put(3)
            mailbox.release()
        }
        var batch: [Int] = []
        mailbox.take(into: &batch, until: Moment.now().uptime + 30 * Moment.second)
        #expect(batch == [1, 2, 3])
        group.wait()
        mailbox.release()
        mailbox.put(4)
        mailbox.take(into: &batch, until: nil)
        #expect(batch == [4])
    }

    @Test func theTakerIsHeldNoLongerThanSaid() {
        let mailbox = Mailbox<Int>()
        let start = Moment.now().uptime
        mailbox.hold(1, until: start + 20_000_000)
        mailbox.put(1)
        var batch: [Int] = []
        mailbox.take(into: &batch, until: nil)
        #expect(batch == [1])
        #expect(Moment.now().uptime >= start + 19_000_000)
    }

    @Test func aFullMailboxAsksToHoldBackAndSaysWhenThereIsRoom() {
        let mailbox = Mailbox<Int>(capacity: 3)
        let room = Atomic(0)
        mailbox.whenRoom { room.wrappingAdd(1, ordering: .relaxed) }
        #expect(mailbox.put([1, 2]))
        #expect(!mailbox.put(3))
        #expect(!mailbox.put(4))
        var batch: [Int] = []
        mailbox.take(into: &batch, until: nil)
        #expect(batch == [1, 2, 3, 4])
        #expect(room.load(ordering: .relaxed) == 1)
        #expect(mailbox.put(5))
    }

    @Test func nothingIsLostBetweenManyThreads() {
        let mailbox = Mailbox<Int>(capacity: 100)
        let threads = 4
        let each = 20_000
        let group = DispatchGroup()
        for thread in 0..<threads {
            DispatchQueue.global().async(group: group) {
                for number in 0..<each { mailbox.put(thread * each + number) }
            }
        }
        var last = Array(repeating: -1, count: threads)
        var count = 0
        var batch: [Int] = []
        while count < threads * each {
            mailbox.take(into: &batch, until: Moment.now().uptime + 10 * Moment.second)
            for item in batch {
                #expect(item % each > last[item / each])
                last[item / each] = item % each
            }
            count += batch.count
        }
        group.wait()
        #expect(count == threads * each)
    }
}
