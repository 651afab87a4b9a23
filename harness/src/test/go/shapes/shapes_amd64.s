#include "textflag.h"

// func sum(a, b int) int
TEXT ·sum(SB), NOSPLIT, $0-24
	MOVQ a+0(FP), AX
	ADDQ b+8(FP), AX
	MOVQ AX, ret+16(FP)
	RET

// func jump(a, b int) int
TEXT ·jump(SB), NOSPLIT, $0-24
	JMP ·sum(SB)

// func spin(n int)
TEXT ·spin(SB), NOSPLIT, $0-8
again:
	DECQ n+0(FP)
	JNE  again
	RET
