using System;
using AotCompiler.Emission;
using Shouldly;

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

    [Fact]
    public void Blocks_indent_their_lines() => Write(static code =>
    {
        using (code.Block("if (x)"))
        {
            code.Line("a;\nb;");
        }
    }).ShouldBe("if (x)\n{\n    a;\n    b;\n}\n");

    [Fact]
    public void A_loop_counts_to_a_constant() => Write(static code =>
    {
        using (code.For("i", 8, 2))
        {
            code.Line("f(i);");
        }
    }).ShouldBe("for (int i = 0; i < 8; i += 2)\n{\n    f(i);\n}\n");

    [Fact]
    public void A_loop_of_one_iteration_is_none() => Body(static code =>
    {
        using (code.For("i", 1))
        {
            code.Line("f(x);");
        }
    }).ShouldBe("f(x);");

    [Fact]
    public void Its_variable_stays_where_it_is_used() => Body(static code =>
    {
        using (code.For("i", 4, 1, 3))
        {
            code.Line("f(i);");
        }
    }).ShouldBe("const int i = 3; f(i);");

    [Fact]
    public void Scopes_with_locals_of_one_name_keep_their_braces() => Body(static code =>
    {
        for (int i = 0; i < 2; i++)
        {
            using (code.Block())
            {
                code.Line($"float v = p[{i}];");
                code.Line("q = v;");
            }
        }
    }).ShouldBe("{ float v = p[0]; q = v; } { float v = p[1]; q = v; }");

    [Theory]
    [InlineData("Vector512<float> a = x, b = y;", "b = z;")]
    [InlineData("float* row = x;   // the row", "f(row);")]
    [InlineData("int count;", "count++;")]
    [InlineData("global::System.Int32 n = 0;", "n++;")]
    public void Every_declaration_is_seen(string declaration, string use) => Body(code =>
    {
        using (code.Block())
        {
            code.Line(declaration);
        }

        code.Line(use);
    }).ShouldBe($"{{ {declaration} }} {use}");

    [Theory]
    [InlineData("a += b;")]
    [InlineData("a[b + 1] = c;")]
    [InlineData("*(a + 1) = b;")]
    [InlineData("F(a, b);")]
    [InlineData("return b;")]
    public void Statements_declare_nothing(string statement) => Body(code =>
    {
        using (code.Block())
        {
            code.Line(statement);
        }

        code.Line("int b = 1;");
    }).ShouldBe($"{statement} int b = 1;");

    [Fact]
    public void The_body_of_a_statement_keeps_its_braces() => Body(static code =>
    {
        code.Line("fixed (byte* p = x)");
        using (code.Block())
        {
            code.Line("f(p);");
        }
    }).ShouldBe("fixed (byte* p = x) { f(p); }");

    [Fact]
    public void Names_in_comments_do_not_count() => Body(static code =>
    {
        code.Line("// s is written below");
        using (code.Block())
        {
            code.Line("int s = 0;");
        }
    }).ShouldBe("// s is written below int s = 0;");

    private static string Write(Action<CodeWriter> write)
    {
        var code = new CodeWriter();
        write(code);
        return code.ToString();
    }

    /// <summary>The lines of a method's body, on one line.</summary>
    private static string Body(Action<CodeWriter> write)
    {
        string[] lines = Write(code =>
        {
            using (code.Block("void F()"))
            {
                write(code);
            }
        }).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', lines[2..^1]);
    }
}
