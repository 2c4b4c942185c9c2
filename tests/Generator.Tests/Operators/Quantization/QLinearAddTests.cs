namespace AotCompiler.Tests.Operators;

public sealed class QLinearAddTests
{
    [Fact]
    public void CompiledAndInterpreted() => BinaryCodesCheck.Broadcasts("QLinearAdd");

    [Fact]
    public void RefusesDifferentTypes() => BinaryCodesCheck.RefusesDifferentTypes("QLinearAdd");
}
