import Console
import Foundation
import Testing

/// Sends a signal to this process, as the terminal or another process would.
///
/// Waits until the handler has run; on the thread of a test the signal might be blocked.
private func receive(_ signal: Int32) {
  kill(getpid(), signal)
  guard let descriptor = Interruption.descriptor else { exit(90) }
  var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  while poll(&polled, 1, 20_000) < 0 {}
  guard polled.revents == Int16(POLLIN) else { exit(91) }
}

/// Waits for a signal to end this process.
private func expectTheEnd() -> Never {
  poll(nil, 0, 20_000)
  exit(92)
}

/// Signals belong to a process: each test has one of its own.
@Suite("Interruption") struct InterruptionTests {
  @Test("the first Ctrl-C sets the flag and wakes who polls, the second ends at once with 130")
  func twice() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interruption.install()
      Interruption.install()
      guard !Interruption.isRequested, Interruption.exitStatus == nil else { exit(1) }
      receive(SIGINT)
      guard Interruption.isRequested, Interruption.exitStatus == .interrupted else { exit(2) }
      do throws(Interrupted) {
        try Interruption.check()
        exit(3)
      } catch {
        guard error.exitStatus == .interrupted else { exit(4) }
      }
      kill(getpid(), SIGINT)
      expectTheEnd()
    }
  }

  @Test("while nothing is made yet the first signal ends the process: 130, or 143")
  func atOnce() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interruption.endAtOnce(on: Terminal(program: "push2pacs"))
      kill(getpid(), SIGINT)
      expectTheEnd()
    }
    await #expect(processExitsWith: .exitCode(143)) {
      Interruption.endAtOnce(on: Terminal(program: "push2pacs"))
      kill(getpid(), SIGTERM)
      expectTheEnd()
    }
  }

  @Test("SIGTERM asks to stop with 143, and Ctrl-C behind it ends at once")
  func terminated() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interruption.install()
      receive(SIGTERM)
      guard Interruption.exitStatus == .terminated else { exit(1) }
      kill(getpid(), SIGINT)
      expectTheEnd()
    }
  }

  @Test("Ctrl-C typed at a question ends the question, without the notice for long work")
  func duringQuestion() async {
    await #expect(processExitsWith: .exitCode(0)) {
      Interruption.install()
      guard let person = try? Person() else { exit(1) }
      // the terminal becomes that of this process, so that ^C on it is a signal
      guard setsid() > 0, ioctl(person.keyboard, UInt(TIOCSCTTY), 0) == 0 else { exit(2) }
      dup2(person.keyboard, 2)
      person.plays([.sees("[yes/no] ", types: "ye\u{3}")])
      do throws(PromptError) {
        _ = try Prompter(person.terminal).askYesNo("Confirm?")
        exit(3)
      } catch {
        guard error == .interrupted(Interrupted(exitStatus: .interrupted)) else { exit(4) }
        exit(person.screenText().contains("stopping") ? 5 : 0)
      }
    }
  }

  @Test("Ctrl-C typed during long work says that it stops")
  func duringWork() async {
    await #expect(processExitsWith: .exitCode(0)) {
      guard let person = try? Person() else { exit(1) }
      guard setsid() > 0, ioctl(person.keyboard, UInt(TIOCSCTTY), 0) == 0 else { exit(2) }
      dup2(person.keyboard, 2)
      Interruption.install()
      person.type("\u{3}")
      exit(person.waits(for: "push2pacs: stopping; Ctrl-C again ends at once\r\n") ? 0 : 3)
    }
  }

  @Test("a question after SIGTERM is not asked any more")
  func afterwards() async {
    await #expect(processExitsWith: .exitCode(0)) {
      Interruption.install()
      receive(SIGTERM)
      guard let person = try? Person() else { exit(1) }
      do throws(PromptError) {
        _ = try Prompter(person.terminal).ask("Reviewer: ")
        exit(2)
      } catch { exit(error.exitStatus == .terminated ? 0 : 3) }
    }
  }
}
