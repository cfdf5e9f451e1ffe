// The C library of the system under one name: the only module that knows which one it is.
//
// `import CLibrary` stands where another program would ask for Glibc, Musl or Darwin by turns; where a
// name of our own is in the way, the system's is `CLibrary.read`.

#if canImport(Darwin)
  @_exported public import Darwin
#elseif canImport(Musl)
  @_exported public import Musl
#else
  @_exported public import Glibc
#endif
