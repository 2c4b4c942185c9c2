using AotCompiler.Emission;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Emission;

public class CodeWriterTests
{
    [Theory]
    [InlineData(0, 1, 0, "for (int i = 0; i < 0; i++)\n{\n    x;\n}\n")]
    [InlineData(4, 1, 4, "for (int i = 4; i < 4; i++)\n{\n    x;\n}\n")]
    [InlineData(1, 1, 0, "{\n    const int i = 0;\n    x;\n}\n")]
    [InlineData(3, 4, 0, "{\n    const int i = 0;\n    x;\n}\n")]
    [InlineData(5, 4, 0, "for (int i = 0; i < 5; i += 4)\n{\n    x;\n}\n")]
    public void A_loop_of_one_iteration_is_a_block_and_one_of_none_never_runs(int count, int step, int start, string expected)
    {
        var code = new CodeWriter();
        using (code.For("i", count, step, start))
        {
            code.Line("x;");
        }

        code.ToString().ShouldBe(expected);
    }
}
