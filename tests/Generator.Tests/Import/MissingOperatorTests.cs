using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Import;

public sealed class MissingOperatorTests
{
    [Fact]
    public void A_model_optimised_for_one_machine_says_what_to_do()
    {
        ModelDiagnostic diagnostic = OperatorCheck.Fails(new ModelBuilder().Import("com.microsoft.nchwc", 1)
            .Input("x", OnnxDataType.Float, 1, 16, 4, 4)
            .Node("com.microsoft.nchwc", "ReorderInput", ["x"], ["r"])
            .Node("com.microsoft.nchwc", "ReorderOutput", ["r"], ["y"], ("channels", 16)).Output("y"));

        diagnostic.Code.ShouldBe(DiagnosticCodes.OperatorUnsupported);
        diagnostic.Message.ShouldContain("2 nodes of 'com.microsoft.nchwc'");
        diagnostic.Message.ShouldContain("'extended'");
    }

    [Fact]
    public void Others_are_listed_together()
    {
        ModelDiagnostic diagnostic = OperatorCheck.Fails(new ModelBuilder().Import("acme", 1)
            .Input("x", OnnxDataType.Float, 4)
            .Node("acme", "One", ["x"], ["a"])
            .Node("acme", "Two", ["a"], ["b"])
            .Node("acme", "Two", ["b"], ["y"]).Output("y"));

        diagnostic.Code.ShouldBe(DiagnosticCodes.OperatorUnsupported);
        diagnostic.Message.ShouldContain("also missing: acme:Two (2×)");
    }

    /// <summary>It has one version, and ONNX Runtime's own tools leave the import out.</summary>
    [Fact]
    public void ONNX_Runtimes_domain_need_not_be_imported() => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, 4).Node("com.microsoft", "Gelu", ["x"], ["y"]).Output("y"),
        absolute: 1e-6);

    [Fact]
    public void Other_domains_must_be_imported() => OperatorCheck.Fails(
        new ModelBuilder().Input("x", OnnxDataType.Float, 4).Node("ai.onnx.ml", "Binarizer", ["x"], ["y"]).Output("y"))
        .Message.ShouldContain("'ai.onnx.ml' but imports no version");
}
