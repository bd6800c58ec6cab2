"""What compiled loops need of the machine and Numba has no words for, as a few instructions each.

Numba writes them into whoever calls them. Its cache does not watch this file, but its folder is
named by a hash of all sources.
"""

from __future__ import annotations

from .kernels import import_numba

import_numba()

from llvmlite import ir  # noqa: E402
from numba import types  # noqa: E402
from numba.core import cgutils  # noqa: E402
from numba.extending import intrinsic  # noqa: E402
from numba.np.arrayobj import make_array  # noqa: E402

# The bits of the x86 control register that flush results to zero and take operands for zero.
FLUSH = 0x8040


@intrinsic
def pointer_to(typingctx, array, at):
    """The address of the number at place `at` of a flat array."""
    def codegen(context, builder, signature, args):
        data = make_array(signature.args[0])(context, builder, args[0]).data
        return builder.gep(data, [builder.sext(args[1], ir.IntType(64))])

    return types.CPointer(array.dtype)(array, types.int64), codegen


@intrinsic
def set_rounding(typingctx, flush):
    """Let numbers too small for full precision count as 0, or not; returns what was before.

    Such numbers (dead units' moments fade into them) take a hundred times as long on x86, whose
    control register this is; other processors are left as they are.
    """
    def codegen(context, builder, signature, args):
        word = ir.IntType(32)
        if not context.codegen().magic_tuple()[0].startswith("x86_64"):
            return ir.Constant(word, 0)
        slot = cgutils.alloca_once(builder, word)
        address = builder.bitcast(slot, ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [address.type])
        store = builder.module.declare_intrinsic("llvm.x86.sse.stmxcsr", (), kind)
        load = builder.module.declare_intrinsic("llvm.x86.sse.ldmxcsr", (), kind)
        builder.call(store, [address])
        before = builder.load(slot)
        asked = builder.trunc(args[0], word)
        kept = builder.and_(before, ir.Constant(word, 0xFFFFFFFF ^ FLUSH))
        builder.store(builder.or_(kept, asked), slot)
        builder.call(load, [address])
        return builder.and_(before, ir.Constant(word, FLUSH))

    return types.uint32(types.int64), codegen
