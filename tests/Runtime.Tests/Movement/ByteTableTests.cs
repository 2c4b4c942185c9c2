using System;
using System.Linq;
using AotCompiler.Runtime;
using Shouldly;
using Xunit;

namespace AotCompiler.Runtime.Tests.Movement;

public sealed unsafe class ByteTableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(67)]
    [InlineData(1021)]
    public void LooksUpEveryByteAndNothingElse(int count)
    {
        var random = new Random(count);
        var table = new byte[256];
        random.NextBytes(table);
        byte[] source = Enumerable.Range(0, count).Select(static i => (byte)(i * 7)).ToArray();
        byte[] target = Enumerable.Repeat((byte)99, count + 8).ToArray();
        byte[] expected = source.Select(b => table[b]).Concat(target.Take(8)).ToArray();
        fixed (byte* t = table, x = source, y = target)
        {
            ByteTable.Map(t, x, y, count);
            target.ShouldBe(expected);
            ByteTable.Map(t, x, x, count);
            source.ShouldBe(expected.Take(count));
        }
    }
}
