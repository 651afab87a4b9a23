#include "textflag.h"

// BEGIN takes room for a note of so many bytes in the Notes of R12, to which R9 leads then, and writes down the goroutine.
#define BEGIN(bytes) \
	MOVQ 0(R12), R8; \
	LEAQ 64(R12)(R8*1), R9; \
	ADDQ $bytes, R8; \
	ANDQ $0xfffff, R8; \
	MOVQ R8, 0(R12); \
	MOVQ (TLS), R10; \
	MOVQ ·noteGoid(SB), R11; \
	MOVQ (R10)(R11*1), R10; \
	MOVQ R10, 8(R9)

// END writes down the time.
#define END \
	RDTSC; \
	SHLQ $32, DX; \
	ORQ  DX, AX; \
	MOVQ AX, 0(R9)

// func Note(to *Notes, n int, s string, f float64)
TEXT ·Note(SB), NOSPLIT, $0-40
	MOVQ to+0(FP), R12
	BEGIN(64)
	MOVQ n+8(FP), R10
	MOVQ R10, 16(R9)
	MOVQ f+32(FP), R10
	MOVQ R10, 24(R9)
	MOVQ s_base+16(FP), R10
	MOVQ s_len+24(FP), R11
	MOVQ R11, 32(R9)
	CMPQ R11, $16
	JLT  time
	MOVOU (R10), X0
	MOVOU X0, 40(R9)

time:
	END
	RET

// func NoteResult(to *Notes, result int)
TEXT ·NoteResult(SB), NOSPLIT, $0-16
	MOVQ to+0(FP), R12
	BEGIN(32)
	MOVQ result+8(FP), R10
	MOVQ R10, 16(R9)
	END
	RET
