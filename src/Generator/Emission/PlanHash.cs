using System.Security.Cryptography;
using System.Text;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>The first 128 bits of a plan's SHA-256: generated code and packed weights fit each other exactly if they have the same.</summary>
internal readonly record struct PlanHash(ulong High, ulong Low)
{
    /// <summary>Hashes what the weight blob's contents depend on: the model's bytes, the weights' recipes and their places.</summary>
    public static PlanHash Of(ExecutionPlan plan, string modelSha256)
    {
        var text = new StringBuilder(modelSha256);
        foreach (Storage weight in plan.Weights)
        {
            text.Append('\n').Append($"{weight.Offset} {weight.Bytes} {weight.Data!.Type} {weight.Data.Shape} {weight.Data.Recipe}");
        }

        using var sha = SHA256.Create();
        byte[] hash = sha.ComputeHash(Encoding.UTF8.GetBytes(text.ToString()));
        return new PlanHash(BigEndian(hash, 0), BigEndian(hash, 8));
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";

    private static ulong BigEndian(byte[] bytes, int start)
    {
        ulong value = 0;
        for (int i = 0; i < 8; i++)
        {
            value = (value << 8) | bytes[start + i];
        }

        return value;
    }
}
