import Console
import CLibrary

// A reader that hangs up is no reason to die before the journal is written.
signal(SIGPIPE, SIG_IGN)
// A file that may grow no further is a full disk, not a reason to die.
signal(SIGXFSZ, SIG_IGN)
exit(CommandLineProgram.run(Array(CommandLine.arguments.dropFirst())).rawValue)
