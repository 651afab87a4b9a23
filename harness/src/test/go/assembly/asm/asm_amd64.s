#include "textflag.h"

// func Keeps(n int) int
TEXT ·Keeps(SB), NOSPLIT, $0-16
	MOVQ n+0(FP), AX
	INCQ AX
	MOVQ AX, ret+8(FP)
	RET

// func Clobbers(n int) int
TEXT ·Clobbers(SB), NOSPLIT, $0-16
	MOVQ n+0(FP), AX
	INCQ AX
	MOVQ AX, ret+8(FP)
	XORL R14, R14
	RET

// func Points(n int) int
TEXT ·Points(SB), NOSPLIT, $0-16
	MOVQ n+0(FP), AX
	INCQ AX
	MOVQ AX, ret+8(FP)
	LEAQ n+0(FP), R14
	RET

// func Calls(n int) int
TEXT ·Calls(SB), NOSPLIT, $16-16
	MOVQ n+0(FP), AX
	MOVQ AX, 0(SP)
	MOVQ $-1, R14
	CALL ·Clobbers(SB)
	MOVQ 8(SP), AX
	DECQ AX
	MOVQ AX, 0(SP)
	CALL ·Points(SB)
	MOVQ 8(SP), AX
	MOVQ AX, ret+8(FP)
	RET

// func Grows(n int) int
TEXT ·Grows(SB), 0, $8192-16
	MOVQ n+0(FP), AX
	MOVQ AX, 0(SP)
	CALL ·Clobbers(SB)
	MOVQ 8(SP), AX
	MOVQ AX, ret+8(FP)
	RET
