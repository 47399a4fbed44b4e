// Destructors of static variables in this library never run: the library is never closed, and when a process ends while
// one of its threads compiles, that thread must not find LLVM half destroyed.
// All code in the library registers destructors here instead of with libc, because symbols bind to their own object.
extern "C" int __cxa_atexit(void (*)(void*), void*, void*);
extern "C" int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
