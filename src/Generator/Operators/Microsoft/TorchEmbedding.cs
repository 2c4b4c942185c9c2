using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>TorchEmbedding: the rows of a table whose numbers input 1 has. Index and flags that matter for gradients only are ignored.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.TorchEmbedding · Types: all.</remarks>
internal sealed class TorchEmbedding : MicrosoftOperator
{
    public TorchEmbedding()
        : base("TorchEmbedding", 2, 4)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Gather(node.Required(0), node.Required(1), 0));
}
