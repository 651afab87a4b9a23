#include "textflag.h"

// func stamp(goid uintptr) (ticks, goroutine uint64)
TEXT ·stamp(SB), NOSPLIT, $0-24
	MOVQ goid+0(FP), CX
	MOVQ (TLS), BX
	MOVQ (BX)(CX*1), BX
	MOVQ BX, goroutine+16(FP)
	RDTSC
	SHLQ $32, DX
	ORQ  DX, AX
	MOVQ AX, ticks+8(FP)
	RET

// func publish(at *uint64, value uint64)
// Stores become visible in their order on this processor.
TEXT ·publish(SB), NOSPLIT, $0-16
	MOVQ at+0(FP), AX
	MOVQ value+8(FP), BX
	MOVQ BX, (AX)
	RET
