#include "textflag.h"

// func Note(n int, s string, f float64)
TEXT ·Note(SB), NOSPLIT, $0-32
	MOVQ ·noted(SB), R8
	LEAQ ·notes(SB), R9
	ADDQ R8, R9
	ADDQ $64, R8
	ANDQ $0xfffff, R8
	MOVQ R8, ·noted(SB)
	MOVQ (TLS), R10
	MOVQ ·noteGoid(SB), R11
	MOVQ (R10)(R11*1), R10
	MOVQ R10, 8(R9)
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
	RDTSC
	SHLQ $32, DX
	ORQ  DX, AX
	MOVQ AX, 0(R9)
	RET

// func NoteResult(result int)
TEXT ·NoteResult(SB), NOSPLIT, $0-8
	MOVQ ·noted(SB), R8
	LEAQ ·notes(SB), R9
	ADDQ R8, R9
	ADDQ $32, R8
	ANDQ $0xfffff, R8
	MOVQ R8, ·noted(SB)
	MOVQ (TLS), R10
	MOVQ ·noteGoid(SB), R11
	MOVQ (R10)(R11*1), R10
	MOVQ R10, 8(R9)
	MOVQ result+0(FP), R10
	MOVQ R10, 16(R9)
	RDTSC
	SHLQ $32, DX
	ORQ  DX, AX
	MOVQ AX, 0(R9)
	RET
