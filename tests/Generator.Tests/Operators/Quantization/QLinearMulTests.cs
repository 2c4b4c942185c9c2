namespace AotCompiler.Tests.Operators;

public sealed class QLinearMulTests
{
    [Fact]
    public void CompiledAndInterpreted() => BinaryCodesCheck.Broadcasts("QLinearMul");

    [Fact]
    public void RefusesDifferentTypes() => BinaryCodesCheck.RefusesDifferentTypes("QLinearMul");
}
