#include "textflag.h"

// BEGIN takes room for a note of so many bytes, to which R9 leads then, and writes down the goroutine.
#define BEGIN(bytes) \
	MOVQ ·noted(SB), R8; \
	LEAQ ·notes(SB), R9; \
	ADDQ R8, R9; \
	ADDQ $bytes, R8; \
	ANDQ $0xfffff, R8; \
	MOVQ R8, ·noted(SB); \
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

// func Note(n int, s string, f float64)
TEXT ·Note(SB), NOSPLIT, $0-32
	BEGIN(64)
	MOVQ n+0(FP), R10
	MOVQ R10, 16(R9)
	MOVQ f+24(FP), R10
	MOVQ R10, 24(R9)
	MOVQ s_base+8(FP), R10
	MOVQ s_len+16(FP), R11
	MOVQ R11, 32(R9)
	CMPQ R11, $16
	JLT  time
	MOVOU (R10), X0
	MOVOU X0, 40(R9)

time:
	END
	RET

// func NoteResult(result int)
TEXT ·NoteResult(SB), NOSPLIT, $0-8
	BEGIN(32)
	MOVQ result+0(FP), R10
	MOVQ R10, 16(R9)
	END
	RET
