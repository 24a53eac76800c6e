// Calls the fork code of aarch64 without a C library, and ends with 42, or with the number of the first check that failed. The test puts this
// at 0x401000, the fork code at 0x410000, its bell at 0x411000, and the steps of a child at 0x412000.
.text
.macro addr reg, hi, lo
  movz \reg, #\hi, lsl #16
  movk \reg, #\lo
.endm
.macro want off, value, code
  ldr w0,[x20,#\off]
  ldr w1,=\value
  mov x19,#\code
  cmp w0,w1
  b.ne fail
.endm
.macro wantr off, reg, code
  ldr w0,[x20,#\off]
  mov x19,#\code
  cmp w0,\reg
  b.ne fail
.endm
_start:
  addr x20, 0x41, 0x1000   // bell
  addr x21, 0x41, 0x0000   // prepare
  add x22,x21,#PARENT
  add x23,x21,#CHILD
  mov x8,#178
  svc #0
  mov w24,w0               // tid
  mov w25,#0x80000000
  orr w26,w24,w25          // returned
  mov w25,#0x40000000
  orr w27,w24,w25          // prepared
  // 1 off
  blr x21
  want 0,0,1
  // slice 1 ms, limit 3
  ldr x0,=1000000
  str x0,[x20,#40]
  mov w0,#3
  str w0,[x20,#4]
  // 2 nobody answers: turn is ours, gave up
  blr x21
  wantr 0,w24,2
  want 20,1,3
  want 16,0,4
  // 3 nested in it
  blr x21
  want 12,1,5
  blr x22
  want 12,0,6
  wantr 0,w24,7
  // 4 returned, nobody answers: not counted; once more: it is over already
  blr x22
  wantr 0,w26,8
  want 20,1,9
  blr x22
  wantr 0,w26,24
  want 12,0,25
  // 5 same thread forks again: waits, missed
  blr x21
  want 16,1,10
  wantr 0,w26,11
  want 12,0,12
  // 6 another's turn
  ldr w0,=12345
  str w0,[x20]
  blr x21
  want 16,2,13
  blr x22
  want 0,12345,14
  // 7 prepared: nested too, then parent returns
  str w27,[x20]
  blr x21
  want 12,1,15
  blr x22
  want 12,0,16
  wantr 0,w27,17
  blr x22
  wantr 0,w26,18
  want 20,1,19
  // 7a nobody is to answer any more: nested, returned, and another's turn is not waited for
  str w24,[x20]
  str wzr,[x20,#4]
  blr x21
  want 12,1,26
  blr x22
  want 12,0,27
  wantr 0,w24,28
  blr x22
  wantr 0,w26,29
  blr x21
  want 16,2,30
  wantr 0,w26,31
  str wzr,[x20]
  blr x21
  want 0,0,32
  // 8 service itself
  str wzr,[x20]
  str w24,[x20,#8]
  blr x21
  blr x22
  want 24,2,20
  want 0,0,21
  // 9 a register that callees keep
  mov x28,#77
  blr x21
  cmp x28,#77
  mov x19,#22
  b.ne fail
  // 10 a child: getpid, then exit_group(42)
  addr x0, 0x41, 0x2000
  mov x1,#172
  str x1,[x0]
  mov x1,#94
  str x1,[x0,#40]
  mov x1,#42
  str x1,[x0,#48]
  mov x1,#-1
  str x1,[x0,#80]
  blr x23
  mov x19,#23
fail:
  mov x0,x19
  mov x8,#94
  svc #0
